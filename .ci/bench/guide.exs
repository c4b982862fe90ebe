# The system of the Mix and OTP guide in today's Elixir, as a peer to measure beside: buckets are
# agents under a dynamic supervisor, the registry is a server that keeps an ETS table, each client
# has a task, and the router sends a command as a task to the node that has the bucket.
#
#   elixir guide.exs PORT                                    one node
#   elixir --name foo@HOST guide.exs PORT foo@HOST bar@HOST  one of two: a-m on foo, n-z on bar
#
# PORT may be 0 for any free one; the line "Accepting connections on port N" tells.

defmodule KV.Bucket do
  use Agent, restart: :temporary

  def start_link(_options), do: Agent.start_link(fn -> %{} end)
  def get(bucket, key), do: Agent.get(bucket, &Map.get(&1, key))
  def put(bucket, key, value), do: Agent.update(bucket, &Map.put(&1, key, value))
  def delete(bucket, key), do: Agent.get_and_update(bucket, &Map.pop(&1, key))
end

defmodule KV.Registry do
  use GenServer

  def start_link(_options), do: GenServer.start_link(__MODULE__, :ok, name: __MODULE__)

  def create(name), do: GenServer.call(__MODULE__, {:create, name})

  def lookup(name) do
    case :ets.lookup(__MODULE__, name) do
      [{_name, bucket}] -> {:ok, bucket}
      [] -> :error
    end
  end

  @impl true
  def init(:ok) do
    :ets.new(__MODULE__, [:named_table, read_concurrency: true])
    {:ok, %{}}
  end

  @impl true
  def handle_call({:create, name}, _from, names) do
    case lookup(name) do
      {:ok, bucket} ->
        {:reply, bucket, names}

      :error ->
        {:ok, bucket} = DynamicSupervisor.start_child(KV.Buckets, KV.Bucket)
        :ets.insert(__MODULE__, {name, bucket})
        {:reply, bucket, Map.put(names, Process.monitor(bucket), name)}
    end
  end

  @impl true
  def handle_info({:DOWN, monitor, :process, _bucket, _reason}, names) do
    {name, others} = Map.pop(names, monitor)
    :ets.delete(__MODULE__, name)
    {:noreply, others}
  end
end

defmodule KV.Router do
  def route(bucket, module, function, arguments) do
    first = :binary.first(bucket)

    case Enum.find(table(), fn {bytes, _node} -> first in bytes end) do
      nil -> raise "no entry for #{inspect(bucket)} in #{inspect(table())}"
      {_bytes, home} when home == node() -> apply(module, function, arguments)
      {_bytes, home} -> ask(home, [bucket, module, function, arguments])
    end
  end

  defp ask(home, arguments) do
    {KV.RouterTasks, home}
    |> Task.Supervisor.async(__MODULE__, :route, arguments)
    |> Task.await()
  end

  defp table, do: Application.fetch_env!(:kv, :routing_table)
end

defmodule KVServer.Command do
  def parse(line) do
    case String.split(line) do
      ["CREATE", bucket] -> {:ok, {:create, bucket}}
      ["GET", bucket, key] -> {:ok, {:get, bucket, key}}
      ["PUT", bucket, key, value] -> {:ok, {:put, bucket, key, value}}
      ["DELETE", bucket, key] -> {:ok, {:delete, bucket, key}}
      _ -> {:error, :unknown_command}
    end
  end

  def run(command), do: KV.Router.route(elem(command, 1), __MODULE__, :run_here, [command])

  def run_here({:create, name}) do
    KV.Registry.create(name)
    {:ok, "OK\r\n"}
  end

  def run_here({:get, name, key}),
    do: lookup(name, fn bucket -> {:ok, "#{KV.Bucket.get(bucket, key)}\r\nOK\r\n"} end)

  def run_here({:put, name, key, value}) do
    lookup(name, fn bucket ->
      KV.Bucket.put(bucket, key, value)
      {:ok, "OK\r\n"}
    end)
  end

  def run_here({:delete, name, key}) do
    lookup(name, fn bucket ->
      KV.Bucket.delete(bucket, key)
      {:ok, "OK\r\n"}
    end)
  end

  defp lookup(name, callback) do
    case KV.Registry.lookup(name) do
      {:ok, bucket} -> callback.(bucket)
      :error -> {:error, :not_found}
    end
  end
end

defmodule KVServer do
  def accept(port) do
    # a backlog beyond the default of 5, or many clients at once would wait for a second
    options = [:binary, packet: :line, active: false, reuseaddr: true, backlog: 1024]
    {:ok, listener} = :gen_tcp.listen(port, [{:ip, {127, 0, 0, 1}} | options])
    {:ok, bound} = :inet.port(listener)
    IO.puts("Accepting connections on port #{bound}")
    loop_acceptor(listener)
  end

  defp loop_acceptor(listener) do
    {:ok, client} = :gen_tcp.accept(listener)
    {:ok, _task} = Task.Supervisor.start_child(KVServer.TaskSupervisor, fn -> serve(client) end)
    loop_acceptor(listener)
  end

  defp serve(client) do
    case :gen_tcp.recv(client, 0) do
      {:ok, line} ->
        :gen_tcp.send(client, format(reply(line)))
        serve(client)

      {:error, _closed} ->
        :ok
    end
  end

  defp reply(line) do
    with {:ok, command} <- KVServer.Command.parse(line), do: KVServer.Command.run(command)
  end

  defp format({:ok, text}), do: text
  defp format({:error, :unknown_command}), do: "UNKNOWN COMMAND\r\n"
  defp format({:error, :not_found}), do: "NOT FOUND\r\n"
  defp format({:error, _}), do: "ERROR\r\n"
end

[port | nodes] = System.argv()

table =
  case nodes do
    [] -> [{0..255, node()}]
    [foo, bar] -> [{?a..?m, String.to_atom(foo)}, {?n..?z, String.to_atom(bar)}]
  end

Application.put_env(:kv, :routing_table, table)

children = [
  {DynamicSupervisor, name: KV.Buckets},
  KV.Registry,
  {Task.Supervisor, name: KV.RouterTasks},
  {Task.Supervisor, name: KVServer.TaskSupervisor},
  {Task, fn -> KVServer.accept(String.to_integer(port)) end}
]

{:ok, _supervisor} = Supervisor.start_link(children, strategy: :one_for_one)
Process.sleep(:infinity)

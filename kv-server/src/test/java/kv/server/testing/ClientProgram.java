package kv.server.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * A program that people talk to a node with, and both of its outputs as one. Texts are one byte for
 * each char.
 */
public final class ClientProgram implements AutoCloseable {
  /** Against hanging: what is still running then ends, and with it its output. */
  private static final List<String> GUARD = List.of("timeout", "60");

  private final Process process;
  private final OutputStream in;
  private final BufferedReader out;

  public ClientProgram(String... command) throws IOException {
    List<String> guarded = new ArrayList<>(GUARD);
    guarded.addAll(List.of(command));
    process = new ProcessBuilder(guarded).redirectErrorStream(true).start();
    in = process.getOutputStream();
    out = new BufferedReader(new InputStreamReader(process.getInputStream(), ISO_8859_1));
  }

  /** Types {@code text}, to the byte. */
  public void type(String text) throws IOException {
    in.write(text.getBytes(ISO_8859_1));
    in.flush();
  }

  public void endOfInput() throws IOException {
    in.close();
  }

  /** The next lines. */
  public List<String> lines(int count) throws IOException {
    List<String> lines = new ArrayList<>();
    while (lines.size() < count) lines.add(line());
    return lines;
  }

  private String line() throws IOException {
    String line = out.readLine();
    if (line == null) throw new IOException("the program has ended");
    return line;
  }

  /** The lines before one that is {@code last}; all to the end, if there is none. */
  public List<String> linesBefore(String last) throws IOException {
    List<String> lines = new ArrayList<>();
    String line;
    while ((line = out.readLine()) != null && !line.equals(last)) lines.add(line);
    return lines;
  }

  /** Passes over all lines before one that is {@code expected}, or begins with it. */
  public void skipTo(String expected) throws IOException {
    for (String line = ""; !line.startsWith(expected); ) line = line();
  }

  /** Passes over all up to the next {@code text}, which need not be a whole line. */
  public void skipPast(String text) throws IOException {
    StringBuilder seen = new StringBuilder();
    while (seen.indexOf(text) < 0) {
      int c = out.read();
      if (c < 0) throw new IOException("the program has ended after: " + seen);
      seen.append((char) c);
    }
  }

  /** All lines that are still to come, to the end. */
  public List<String> rest() {
    return out.lines().toList();
  }

  public int exitStatus() throws InterruptedException {
    return process.waitFor();
  }

  @Override
  public void close() throws IOException {
    process.destroy(); // which the guard passes on
    process.onExit().join();
    out.close();
  }
}

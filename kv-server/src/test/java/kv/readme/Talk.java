package kv.readme;

import java.io.IOException;
import kv.server.testing.ClientProgram;
import kv.server.testing.TestClient;

/** A client that is typed into, and answered line by line. */
interface Talk extends AutoCloseable {
  void type(String line) throws IOException;

  /** The next line of the answer. */
  String line() throws IOException;

  @Override
  void close() throws IOException;

  /** A program. */
  static Talk with(ClientProgram program) {
    return new Talk() {
      @Override
      public void type(String line) throws IOException {
        program.type(line + "\n");
      }

      @Override
      public String line() throws IOException {
        return program.lines(1).get(0);
      }

      @Override
      public void close() throws IOException {
        program.close();
      }
    };
  }

  /** A socket, in place of a program that is not installed. */
  static Talk with(TestClient client) {
    return new Talk() {
      @Override
      public void type(String line) throws IOException {
        client.send(line + "\r\n");
      }

      @Override
      public String line() throws IOException {
        return client.line().stripTrailing();
      }

      @Override
      public void close() throws IOException {
        client.close();
      }
    };
  }
}

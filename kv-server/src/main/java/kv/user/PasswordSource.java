package kv.user;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.util.Arrays;

/** Where the command {@code user} gets a password from. */
interface PasswordSource {
  /** Says that there is none that could be used; the message is a line for people. */
  final class NoPasswordException extends IOException {
    private static final long serialVersionUID = 1;

    NoPasswordException(String message) {
      super(message);
    }
  }

  /** How a terminal asks for a word that it does not show; null if it was closed. */
  interface Prompt {
    char[] read(String text);
  }

  /**
   * The password for the user {@code name}, for the caller to wipe; as a client sends it, so in
   * UTF-8 if it comes from a terminal.
   *
   * @throws NoPasswordException if what came is none
   */
  byte[] ask(String name) throws IOException;

  /** The terminal, if there is one; else the first line of {@code in}. */
  static PasswordSource ofTerminalOr(InputStream in) {
    Console console = System.console();
    return console == null || !isTerminal(console)
        ? ofLine(in)
        : ofPrompt(text -> console.readPassword("%s", text));
  }

  /** By reflection: before JDK 22 there is no console without a terminal, nor this question. */
  private static boolean isTerminal(Console console) {
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException e) {
      return true;
    }
  }

  /** Asks twice. */
  static PasswordSource ofPrompt(Prompt prompt) {
    return name -> {
      byte[] password = bytes(prompt.read("Password for " + name + ": "));
      byte[] again = bytes(prompt.read("The same again: "));
      boolean isSame = Arrays.equals(password, again);
      Arrays.fill(again, (byte) 0);
      if (isSame) return checked(password);
      Arrays.fill(password, (byte) 0);
      throw new NoPasswordException("the two passwords differ; nothing is written; try again");
    };
  }

  private static byte[] bytes(char[] chars) throws IOException {
    if (chars == null)
      throw new NoPasswordException("no password was given; nothing is written; try again");
    ByteBuffer encoded = UTF_8.encode(CharBuffer.wrap(chars));
    byte[] bytes = new byte[encoded.remaining()];
    encoded.get(bytes);
    Arrays.fill(encoded.array(), (byte) 0);
    Arrays.fill(chars, '\0');
    return bytes;
  }

  /** The bytes of the first line, without its end. */
  static PasswordSource ofLine(InputStream in) {
    return name -> {
      byte[] room = new byte[Secret.MAX_PASSWORD_BYTES + 2]; // one too many is seen, and a CR
      int length = 0;
      for (int b; length < room.length && (b = in.read()) >= 0 && b != '\n'; )
        room[length++] = (byte) b;
      if (length > 0 && room[length - 1] == '\r') length--;
      byte[] password = Arrays.copyOf(room, length);
      Arrays.fill(room, (byte) 0);
      return checked(password);
    };
  }

  private static byte[] checked(byte[] password) throws IOException {
    if (Secret.isPassword(password)) return password;
    Arrays.fill(password, (byte) 0);
    throw new NoPasswordException(
        (password.length == 0 ? "the password is empty" : "the password is too long")
            + "; nothing is written; use one of 1 to " + Secret.MAX_PASSWORD_BYTES + " bytes");
  }
}

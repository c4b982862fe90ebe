package kv.command;

import kv.store.Bytes;

/** Words as a framing would find them: somewhere within a buffer that holds other bytes, too. */
public final class WordsOf {
  private WordsOf() {}

  public static Words text(String... words) {
    Bytes[] bytes = new Bytes[words.length];
    for (int i = 0; i < words.length; i++) bytes[i] = Bytes.of(words[i]);
    return bytes(bytes);
  }

  public static Words bytes(Bytes... words) {
    ByteBuilder buffer = new ByteBuilder(0).append("before");
    int[] starts = new int[words.length];
    for (int i = 0; i < words.length; i++) {
      starts[i] = buffer.length();
      buffer.append(words[i]).append(' ');
    }
    Words found = new Words();
    found.reset(buffer.append("after").copyFrom(0));
    for (int i = 0; i < words.length; i++) found.add(starts[i], starts[i] + words[i].length());
    return found;
  }
}

package kv.server.wire;

/**
 * Tells the bytes that a telnet client means from those with which it speaks to a telnet server:
 * sequences that begin with IAC, which may be cut anywhere by the packets that they come in. RFC
 * 854 has the commands, RFC 855 the options, RFC 860 the timing mark.
 *
 * <p>All sequences are dropped, but for two. IAC IAC is the byte 0xFF. DO TIMING-MARK, which telnet
 * sends after Ctrl-C, is to be answered: until then, the client shows nothing of what it receives.
 * An IAC that no command follows is dropped alone, so that a stray one swallows no end of a line. A
 * subnegotiation swallows them, as it must; so one that has no end is not followed for long.
 */
public final class Telnet {
  /** What a byte is. */
  enum Meaning {
    /** One of the line. */
    DATA,
    /** Part of a sequence, to be dropped. */
    COMMAND,
    /** The last of a request for a timing mark. */
    TIMING_MARK
  }

  public static final int IAC = 0xff;
  public static final int WILL = 0xfb;
  public static final int TIMING_MARK = 6;

  /** What may stand between IAC SB and IAC SE; nobody has asked the client for any of it. */
  static final int MAX_SUBNEGOTIATION = 512;

  private static final int DO = 0xfd;
  private static final int DONT = 0xfe;
  private static final int SB = 0xfa;
  private static final int SE = 0xf0;

  /** The first byte that is a command: the end of file of RFC 1184. */
  private static final int FIRST_COMMAND = 0xec;

  private enum State {
    DATA,
    AFTER_IAC,
    AFTER_DO,
    AFTER_OPTION_COMMAND,
    IN_SUBNEGOTIATION,
    AFTER_IAC_IN_SUBNEGOTIATION
  }

  private State state = State.DATA;

  /** How many bytes there have been since the last IAC SB. */
  private int length;

  /** Whether the next byte is one of the line unless it is IAC. */
  boolean isIdle() {
    return state == State.DATA;
  }

  /** Whether a subnegotiation has gone on for longer than it may. */
  boolean isEndless() {
    return length > MAX_SUBNEGOTIATION && state == State.IN_SUBNEGOTIATION;
  }

  /** What {@code b}, 0 to 255, is, after all that came before. */
  Meaning next(int b) {
    switch (state) {
      case DATA -> {
        if (b != IAC) return Meaning.DATA;
        state = State.AFTER_IAC;
      }
      case AFTER_IAC -> {
        state = afterIac(b);
        if (b == IAC || b < FIRST_COMMAND) return Meaning.DATA;
      }
      case AFTER_DO -> {
        state = State.DATA;
        if (b == TIMING_MARK) return Meaning.TIMING_MARK;
      }
      case AFTER_OPTION_COMMAND -> state = State.DATA;
      case IN_SUBNEGOTIATION -> {
        length++;
        if (b == IAC) state = State.AFTER_IAC_IN_SUBNEGOTIATION;
      }
      case AFTER_IAC_IN_SUBNEGOTIATION ->
          state = b == SE ? State.DATA : State.IN_SUBNEGOTIATION;
    }
    return Meaning.COMMAND;
  }

  private State afterIac(int b) {
    length = 0;
    if (b == SB) return State.IN_SUBNEGOTIATION;
    if (b == DO) return State.AFTER_DO;
    return b >= WILL && b <= DONT ? State.AFTER_OPTION_COMMAND : State.DATA;
  }
}

package kv.server.wire;

/**
 * The bounds of what a client may send.
 *
 * @param lineBytes of a line, its end not counted
 * @param wordBytes of a word of RESP
 */
public record Limits(int lineBytes, int wordBytes) {}

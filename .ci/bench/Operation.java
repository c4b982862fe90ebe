/** What is asked of a server. */
enum Operation {
  PUT,
  GET;

  Exchange in(Dialect dialect) {
    return this == PUT ? dialect.put() : dialect.get();
  }
}

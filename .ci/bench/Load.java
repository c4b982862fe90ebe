/**
 * What is put on a server.
 *
 * @param connections 1 or more, at the same time
 * @param pipeline how many requests each sends at a time
 * @param keys how many different ones are asked for, at random
 */
record Load(int connections, int pipeline, int keys) {
  static Load pipeline(int pipeline) {
    return new Load(Lab.CONNECTIONS, pipeline, Lab.KEYS);
  }
}

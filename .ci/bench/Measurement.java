/** One measurement of one contestant, which takes the given time or a little more. */
interface Measurement<C> {
  double take(C contestant, double seconds) throws Exception;
}

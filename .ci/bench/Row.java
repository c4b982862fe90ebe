/** One row of the plan: what is measured, and how it is shown. */
interface Row {
  /**
   * Measures, and shows the figures in the lab's report; all servers it started have ended then.
   *
   * @throws Exception if it cannot be measured here
   */
  void measure(Lab lab) throws Exception;
}

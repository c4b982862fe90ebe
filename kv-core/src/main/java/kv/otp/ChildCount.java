package kv.otp;

/**
 * How many children a supervisor has.
 *
 * @param specs the specs, dead children's too; always 1 under simple_one_for_one
 * @param active the children that are alive now, also if their supervisor has not heard yet that
 *     others are not
 * @param supervisors the children of type supervisor, alive or not
 * @param workers the children of type worker, alive or not
 */
public record ChildCount(int specs, int active, int supervisors, int workers) {}

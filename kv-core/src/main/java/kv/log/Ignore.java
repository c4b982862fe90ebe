package kv.log;

/** Hears of everything, and does nothing: for what is only to be verified. */
enum Ignore implements Replay {
  EVERYTHING;

  @Override
  public void reset() {}

  @Override
  public void create(long bucket, byte[] name, long entries) {}

  @Override
  public void drop(long bucket) {}

  @Override
  public void put(long bucket, byte[] key, byte[] value, long deadlineMillis) {}

  @Override
  public void delete(long bucket, byte[] key) {}
}

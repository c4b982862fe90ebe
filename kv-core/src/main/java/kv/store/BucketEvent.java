package kv.store;

import kv.otp.ExitReason;

/** What the registry tells the event manager. */
public sealed interface BucketEvent {
  /** The bucket's name. */
  Bytes name();

  /** The bucket. */
  Bucket bucket();

  /**
   * A bucket was created and can be looked up.
   *
   * @param name its name
   * @param bucket the bucket
   */
  record Create(Bytes name, Bucket bucket) implements BucketEvent {}

  /**
   * A bucket has exited, and its name is free.
   *
   * @param name its name
   * @param bucket the bucket
   * @param reason what it exited with
   */
  record Exit(Bytes name, Bucket bucket, ExitReason reason) implements BucketEvent {}
}

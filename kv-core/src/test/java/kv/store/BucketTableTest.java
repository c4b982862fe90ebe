package kv.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BucketTableTest {
  private static final Bytes NAME = Bytes.of("shopping");

  private final BucketTable table = new BucketTable();
  private final Bucket bucket = Bucket.start(NAME);
  private final Bucket namesake = Bucket.start(NAME);

  @BeforeEach
  void claimTable() {
    table.claim("writer");
  }

  @Test
  void findsWhatWasAdded() {
    assertThat(table.get(NAME)).isNull();
    assertThat(table.add("writer", bucket)).isTrue();
    assertThat(table.get(NAME)).isSameAs(bucket);
    assertThat(table.all()).containsExactly(bucket);
  }

  @Test
  void doesNotReplaceABucket() {
    table.add("writer", bucket);
    assertThat(table.add("writer", namesake)).isFalse();
    assertThat(table.get(NAME)).isSameAs(bucket);
  }

  @Test
  void removesOnlyThatVeryBucket() {
    table.add("writer", bucket);
    assertThat(table.remove("writer", namesake)).isFalse();
    assertThat(table.get(NAME)).isSameAs(bucket);
    assertThat(table.remove("writer", bucket)).isTrue();
    assertThat(table.remove("writer", bucket)).isFalse();
    assertThat(table.get(NAME)).isNull();
  }

  @Test
  void takesNothingMoreFromAWriterThatWasReplaced() {
    table.add("writer", bucket);
    table.claim("next");
    assertThat(table.add("writer", Bucket.start(Bytes.of("other")))).isFalse();
    assertThat(table.remove("writer", bucket)).isFalse();
    assertThat(table.all()).containsExactly(bucket);
    assertThat(table.remove("next", bucket)).isTrue();
  }

  @Test
  void takesNothingBeforeItIsClaimed() {
    assertThat(new BucketTable().add("writer", bucket)).isFalse();
  }
}

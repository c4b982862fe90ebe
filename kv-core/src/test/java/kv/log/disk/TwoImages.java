package kv.log.disk;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The bytes of a file of a {@link FaultyDisk}, twice: as the operating system has them, and as they
 * have been forced. Whatever lies beyond the length is zero. The monitor of the disk guards it.
 */
final class TwoImages {
  private static final int PAGE = 4096;
  private static final int SECTOR = 512;

  /** Null is a page of zeros. */
  private final List<byte[]> pages = new ArrayList<>();

  private final List<byte[]> safePages = new ArrayList<>();
  private long length;
  private long safeLength;

  /** The pages that the next force writes. */
  private final BitSet dirty = new BitSet();

  /** The pages whose arrays others have too, so that a change needs a copy. */
  private final BitSet shared = new BitSet();

  long length() {
    return length;
  }

  int read(long at, byte[] target, int from, int count) {
    if (count == 0) return 0;
    if (at >= length) return -1;
    int all = (int) Math.min(count, length - at);
    int done = 0;
    while (done < all) {
      int start = (int) ((at + done) % PAGE);
      int part = Math.min(PAGE - start, all - done);
      byte[] page = page(pages, (int) ((at + done) / PAGE));
      if (page == null) Arrays.fill(target, from + done, from + done + part, (byte) 0);
      else System.arraycopy(page, start, target, from + done, part);
      done += part;
    }
    return all;
  }

  void write(long at, byte[] source, int from, int count) {
    int done = 0;
    while (done < count) {
      int start = (int) ((at + done) % PAGE);
      int part = Math.min(PAGE - start, count - done);
      System.arraycopy(source, from + done, ownPage((int) ((at + done) / PAGE)), start, part);
      done += part;
    }
    if (count > 0) length = Math.max(length, at + count);
  }

  void setLength(long wanted) {
    if (wanted < length) {
      int start = (int) (wanted % PAGE);
      int end = (int) ((wanted + PAGE - 1) / PAGE);
      if (start > 0 && page(pages, end - 1) != null)
        Arrays.fill(ownPage(end - 1), start, PAGE, (byte) 0);
      for (int i = end; i < pages.size(); i++) put(pages, i, null);
      dirty.set(end, Math.max(end, Math.max(pages.size(), safePages.size())));
    }
    length = wanted;
  }

  void force() {
    for (int i = dirty.nextSetBit(0); i >= 0; i = dirty.nextSetBit(i + 1)) {
      put(safePages, i, page(pages, i));
      shared.set(i);
    }
    dirty.clear();
    safeLength = length;
  }

  /** As Linux does it: what could not be written counts as written, and no force tries it again. */
  void failToForce() {
    dirty.clear();
  }

  /** What a kill of the process leaves, which a power failure may still take away. */
  TwoImages afterKill() {
    TwoImages left = new TwoImages();
    left.pages.addAll(pages);
    left.safePages.addAll(safePages);
    left.length = length;
    left.safeLength = safeLength;
    left.dirty.or(dirty);
    left.shared.set(0, pages.size());
    shared.set(0, pages.size());
    return left;
  }

  /** What a power failure leaves; of what was not forced, nothing if {@code chance} is null. */
  TwoImages afterPowerFailure(RandomGenerator chance) {
    TwoImages left = new TwoImages();
    for (int i = 0; i < Math.max(pages.size(), safePages.size()); i++)
      left.pages.add(survivor(page(safePages, i), page(pages, i), chance));
    left.shared.set(0, left.pages.size());
    left.length = Long.MAX_VALUE;
    left.setLength(survivor(safeLength, length, chance));
    left.safePages.addAll(left.pages);
    left.safeLength = left.length;
    left.shared.set(0, left.pages.size());
    left.dirty.clear();
    return left;
  }

  private static byte[] survivor(byte[] old, byte[] young, RandomGenerator chance) {
    if (chance == null || old == young) return old;
    return switch (chance.nextInt(4)) {
      case 0 -> old;
      case 1 -> young;
      default -> torn(old, young, SECTOR * chance.nextInt(PAGE / SECTOR + 1), chance.nextBoolean());
    };
  }

  private static byte[] torn(byte[] old, byte[] young, int at, boolean isYoungFirst) {
    byte[] first = isYoungFirst ? young : old;
    byte[] second = isYoungFirst ? old : young;
    byte[] page = new byte[PAGE];
    if (first != null) System.arraycopy(first, 0, page, 0, at);
    if (second != null) System.arraycopy(second, at, page, at, PAGE - at);
    return page;
  }

  private static long survivor(long old, long young, RandomGenerator chance) {
    if (chance == null || old == young) return old;
    return switch (chance.nextInt(3)) {
      case 0 -> old;
      case 1 -> young;
      default -> Math.min(old, young) + (long) (chance.nextDouble() * Math.abs(old - young));
    };
  }

  private byte[] ownPage(int i) {
    byte[] page = page(pages, i);
    if (page == null) put(pages, i, new byte[PAGE]);
    else if (shared.get(i)) put(pages, i, page.clone());
    shared.clear(i);
    dirty.set(i);
    return pages.get(i);
  }

  private static byte[] page(List<byte[]> pages, int i) {
    return i < pages.size() ? pages.get(i) : null;
  }

  private static void put(List<byte[]> pages, int i, byte[] page) {
    while (pages.size() <= i) pages.add(null);
    pages.set(i, page);
  }
}

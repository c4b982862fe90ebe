package kv.command.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kv.store.Bytes;

/**
 * A number of the type that Redis counts in, the long double of x86: a significand of 64 bits by a
 * power of two. Sums are rounded as that processor rounds them, so that clients read the same
 * digits. What a number costs is bounded, whatever exponent it is written with.
 */
final class LongDouble {
  static final LongDouble ZERO = new LongDouble(BigInteger.ZERO, 0);

  /** With either sign: nobody reads it. */
  private static final LongDouble INFINITE = new LongDouble(BigInteger.ZERO, Integer.MAX_VALUE);

  private static final int BITS = 64;

  /** That of the last bit of the least numbers. */
  private static final int LEAST_EXPONENT = -16445;

  /** All numbers are below two to this power. */
  private static final int END_EXPONENT = 16384;

  /** Numbers of so many digits before the point are too large, or so many zeros behind it small. */
  private static final int MANY_DIGITS = 5000;

  /** Redis takes fewer bytes than this for a number. */
  private static final int MAX_BYTES = 5 * 1024;

  /** An exponent beyond this makes any number of so few bytes too large, or too small. */
  private static final int LARGEST_EXPONENT = 100_000;

  /** How many digits are printed behind the point. */
  private static final int PLACES = 17;

  private static final BigInteger ALL_PLACES = BigInteger.TEN.pow(PLACES);

  private static final Pattern DECIMAL = number("", "[0-9]", "[eE]");
  private static final Pattern HEXADECIMAL = number("0[xX]", "[0-9a-fA-F]", "[pP]");
  private static final Pattern INFINITY = Pattern.compile("[+-]?inf(inity)?");

  private final BigInteger significand;
  private final int exponent;

  private LongDouble(BigInteger significand, int exponent) {
    this.significand = significand;
    this.exponent = exponent;
  }

  private static Pattern number(String prefix, String digit, String exponent) {
    return Pattern.compile(
        "([+-]?)" + prefix + "(?=[.]?d)(d*+)(?:[.](d*+))?".replace("d", digit)
            + "(?:" + exponent + "([+-]?[0-9]++))?");
  }

  /** The number that {@code text} is, as C reads one; empty if it is none that there can be. */
  static Optional<LongDouble> of(Bytes text) {
    if (text.length() >= MAX_BYTES) return Optional.empty();
    String chars = new String(text.toByteArray(), ISO_8859_1);
    Matcher decimal = DECIMAL.matcher(chars);
    if (decimal.matches()) return ofDecimal(decimal);
    Matcher hexadecimal = HEXADECIMAL.matcher(chars);
    if (hexadecimal.matches()) return ofHexadecimal(hexadecimal);
    boolean isInfinity = INFINITY.matcher(chars.toLowerCase(Locale.ROOT)).matches();
    return isInfinity ? Optional.of(INFINITE) : Optional.empty();
  }

  private static Optional<LongDouble> ofDecimal(Matcher text) {
    BigInteger digits = digits(text, 10);
    if (digits.signum() == 0) return Optional.of(ZERO);
    int exponent = exponent(text) - part(text).length();
    int point = digits.abs().toString().length() + exponent;
    if (Math.abs(point) > MANY_DIGITS) return Optional.empty();
    if (exponent >= 0) return known(round(digits.multiply(BigInteger.TEN.pow(exponent)), 0, false));
    BigInteger divisor = BigInteger.TEN.pow(-exponent);
    int shift = Math.max(0, BITS + 2 + divisor.bitLength() - digits.bitLength());
    BigInteger[] quotient = digits.shiftLeft(shift).divideAndRemainder(divisor);
    return known(round(quotient[0], -shift, quotient[1].signum() != 0));
  }

  private static Optional<LongDouble> ofHexadecimal(Matcher text) {
    BigInteger digits = digits(text, 16);
    if (digits.signum() == 0) return Optional.of(ZERO);
    return known(round(digits, exponent(text) - 4 * part(text).length(), false));
  }

  /** Empty where C says that it is out of range. */
  private static Optional<LongDouble> known(LongDouble number) {
    boolean isOutOfRange = number.isInfinite() || number.significand.signum() == 0;
    return isOutOfRange ? Optional.empty() : Optional.of(number);
  }

  private static BigInteger digits(Matcher text, int radix) {
    BigInteger digits = new BigInteger(text.group(2) + part(text), radix);
    return text.group(1).equals("-") ? digits.negate() : digits;
  }

  /** What is behind the point. */
  private static String part(Matcher text) {
    return text.group(3) == null ? "" : text.group(3);
  }

  private static int exponent(Matcher text) {
    if (text.group(4) == null) return 0;
    BigInteger exponent = new BigInteger(text.group(4));
    BigInteger most = BigInteger.valueOf(LARGEST_EXPONENT);
    return exponent.min(most).max(most.negate()).intValue();
  }

  /**
   * The number next to {@code digits} by two to the power of {@code exponent}, of two that are as
   * near the even one.
   *
   * @param isMore whether it is a little more than that, away from zero
   */
  private static LongDouble round(BigInteger digits, int exponent, boolean isMore) {
    int surplus = Math.max(digits.abs().bitLength() - BITS, LEAST_EXPONENT - exponent);
    if (surplus > 0) {
      digits = without(surplus, digits, isMore);
      exponent += surplus;
    }
    if (digits.signum() == 0) return ZERO;
    boolean isTooLarge = digits.abs().bitLength() + exponent > END_EXPONENT;
    return isTooLarge ? INFINITE : new LongDouble(digits, exponent);
  }

  /** {@code number} without its last {@code bits}, rounded likewise. */
  private static BigInteger without(int bits, BigInteger number, boolean isMore) {
    BigInteger size = number.abs();
    BigInteger kept = size.shiftRight(bits);
    BigInteger half = BigInteger.ONE.shiftLeft(bits - 1);
    int rest = size.subtract(kept.shiftLeft(bits)).compareTo(half);
    if (rest > 0 || rest == 0 && (isMore || kept.testBit(0))) kept = kept.add(BigInteger.ONE);
    return number.signum() < 0 ? kept.negate() : kept;
  }

  /** The sum; infinite if it is too large, or one of the numbers is infinite. */
  LongDouble plus(LongDouble other) {
    if (isInfinite() || other.isInfinite()) return INFINITE;
    int least = Math.min(exponent, other.exponent);
    return round(shifted(least).add(other.shifted(least)), least, false);
  }

  private BigInteger shifted(int least) {
    return significand.shiftLeft(exponent - least);
  }

  boolean isInfinite() {
    return this == INFINITE;
  }

  /** Its digits, with up to 17 behind the point, and no zeros at the end of these. */
  @Override
  public String toString() {
    BigInteger scaled = significand.multiply(ALL_PLACES);
    BigInteger places =
        exponent < 0 ? without(-exponent, scaled, false) : scaled.shiftLeft(exponent);
    return new BigDecimal(places, PLACES).stripTrailingZeros().toPlainString();
  }
}

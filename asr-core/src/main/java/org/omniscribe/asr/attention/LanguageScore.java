package org.omniscribe.asr.attention;

/**
 * How likely a language is.
 *
 * @param language its code, such as {@code en}
 * @param probability 0 to 1
 */
public record LanguageScore(String language, double probability) {}

/** Decoding by attention: texts of windows of speech, written token by token by an encoder's companion (Whisper). */
package org.omniscribe.asr.attention;

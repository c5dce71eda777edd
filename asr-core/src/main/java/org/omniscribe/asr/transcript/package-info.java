/** What was said and when, and the file forms of it. */
package org.omniscribe.asr.transcript;

/** What the tests of all modules share; other modules get it by asr-core's test-jar. */
package org.omniscribe.asr.testing;

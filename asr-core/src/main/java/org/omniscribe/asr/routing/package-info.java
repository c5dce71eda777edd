/** Which expert handled which step. */
package org.omniscribe.asr.routing;

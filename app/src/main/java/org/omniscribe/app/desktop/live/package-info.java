/**
 * Speech that is transcribed as it is spoken, the captions of it, and the sessions that are kept.
 *
 * <p>Uses {@code app} and most of the library. Used by {@code app.desktop}.
 */
package org.omniscribe.app.desktop.live;

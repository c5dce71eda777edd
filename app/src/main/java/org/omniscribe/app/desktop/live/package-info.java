/** Speech that is transcribed as it is spoken, the captions of it, and the sessions that are kept. */
package org.omniscribe.app.desktop.live;

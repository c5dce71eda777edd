/** Which expert works when, in which layer and on which words. */
package org.omniscribe.app.desktop.experts;

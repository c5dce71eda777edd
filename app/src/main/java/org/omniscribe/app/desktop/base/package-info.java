/** What all parts of the window share: texts, settings, places, threads, the model in use, icons and fonts. */
package org.omniscribe.app.desktop.base;

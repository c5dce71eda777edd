/** The queue of recordings to be transcribed. */
package org.omniscribe.app.desktop.files;

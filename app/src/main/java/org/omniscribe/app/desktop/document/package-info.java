/** A transcript that is read, heard, searched, corrected and exported. */
package org.omniscribe.app.desktop.document;

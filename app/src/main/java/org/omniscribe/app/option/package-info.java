/** Options that several commands share, each a mix-in of picocli's. */
package org.omniscribe.app.option;

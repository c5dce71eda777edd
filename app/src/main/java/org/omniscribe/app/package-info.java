/** The program. */
package org.omniscribe.app;

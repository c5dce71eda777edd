/** Watches the experts of a finished model at work, and makes models with fewer of them. */
package org.omniscribe.export.compress;

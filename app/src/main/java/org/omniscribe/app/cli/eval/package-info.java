/** Commands that count errors: {@code eval}, {@code score}. */
package org.omniscribe.app.cli.eval;

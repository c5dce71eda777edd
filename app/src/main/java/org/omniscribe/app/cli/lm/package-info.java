/** {@code omniscribe lm}: language models. */
package org.omniscribe.app.cli.lm;

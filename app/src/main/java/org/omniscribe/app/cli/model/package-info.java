/**
 * Commands that make, change and describe models: {@code model}, {@code export}, {@code tune}, {@code features}.
 *
 * <p>Uses {@code app}, most of the library, {@code datasets}, {@code eval} and {@code export}. Used by {@code app},
 * where the program starts.
 */
package org.omniscribe.app.cli.model;

/**
 * {@code omniscribe live}: speech in, captions out.
 *
 * <p>Uses {@code app} and most of the library. Used by {@code app}, where the program starts.
 */
package org.omniscribe.app.cli.live;

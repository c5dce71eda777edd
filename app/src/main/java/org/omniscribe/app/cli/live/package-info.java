/** {@code omniscribe live}: speech in, captions out. */
package org.omniscribe.app.cli.live;

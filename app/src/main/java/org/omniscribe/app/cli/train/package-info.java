/** Commands that train networks, and make what they are trained on: {@code train}, {@code experiment}, {@code pseudo-label}. */
package org.omniscribe.app.cli.train;

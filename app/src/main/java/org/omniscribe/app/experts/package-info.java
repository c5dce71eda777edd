/**
 * Listens to the experts of a model, and tries models with other experts, on recordings that a user names.
 *
 * <p>Uses most of the library, {@code datasets}, {@code eval} and {@code export}. Used by the commands.
 */
package org.omniscribe.app.experts;

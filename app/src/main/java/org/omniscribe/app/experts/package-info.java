/** Listens to the experts of a model, and tries models with other experts, on recordings that a user names. */
package org.omniscribe.app.experts;

/**
 * The models that can be used, and what they say of themselves.
 *
 * <p>Uses {@code app.desktop.base}, {@code app.desktop.timeline}, {@code asr.io}, {@code asr.model} and {@code
 * export.checkpoint}. Used by {@code app.desktop}.
 */
package org.omniscribe.app.desktop.models;

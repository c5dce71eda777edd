/** The models that can be used, and what they say of themselves. */
package org.omniscribe.app.desktop.models;

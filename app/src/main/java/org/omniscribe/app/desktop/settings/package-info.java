/** What can be chosen. */
package org.omniscribe.app.desktop.settings;

/** Commands that make, change and describe models: {@code model}, {@code export}, {@code tune}, {@code features}. */
package org.omniscribe.app.cli.model;

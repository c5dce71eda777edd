/** Model bundles and the networks in them. */
package org.omniscribe.asr.model;

/** A Spring Boot application, which docs/spring-boot.md quotes. */
package io.github.pixelwise.examples.spring;

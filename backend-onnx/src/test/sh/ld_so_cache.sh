#!/bin/sh
# Makes src/test/resources/io/github/pixelwise/onnx/ld.so.cache: what ldconfig writes for a machine that
# has the driver and CUDA 13 in folders of their own. Needs gcc and, because ldconfig -r changes the
# root, the superuser. Run in backend-onnx.
set -eu
root=$(mktemp -d)
library() {
  mkdir -p "$root/$1"
  echo 'int made_for_a_test;' | gcc -shared -nostdlib -Wl,-soname,"$2" -x c - -o "$root/$1/$2"
}
library opt/driver libcuda.so.1
library opt/cuda-13.0/lib libcudart.so.13
mkdir -p "$root/etc"
printf '/opt/driver\n/opt/cuda-13.0/lib\n' >"$root/etc/ld.so.conf"
/sbin/ldconfig -r "$root"
cp "$root/etc/ld.so.cache" src/test/resources/io/github/pixelwise/onnx/ld.so.cache
rm -r "$root"

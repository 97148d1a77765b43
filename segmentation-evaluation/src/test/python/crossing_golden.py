"""Prints how pycocotools fills a five-pointed star whose border crosses itself, as rows of pixels, and
checks that Pillow, with which LabelMe makes masks, leaves the same middle free.

Run with pycocotools 2 and Pillow: python crossing_golden.py > ../resources/io/github/pixelwise/evaluation/dataset/star.txt
"""

import numpy
from PIL import Image, ImageDraw
from pycocotools import mask

SIDE = 20
STAR = [10, 1, 15, 18, 1, 7, 19, 7, 5, 18]

star = mask.decode(mask.frPyObjects([STAR], SIDE, SIDE))[:, :, 0]
for row in star:
    print("".join("#" if pixel else "." for pixel in row))

pillow = Image.new("L", (SIDE, SIDE))
ImageDraw.Draw(pillow).polygon(STAR, outline=1, fill=1)
assert numpy.array(pillow)[10, 10] == star[10, 10] == 0

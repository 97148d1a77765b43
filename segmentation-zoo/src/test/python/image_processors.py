"""Golden values for image processors: what transformers 5.18.0 makes of the shared photographs with Pillow 12.3.0.

Run from the top of the repository, with transformers, torch, torchvision, Pillow and numpy:

    python3 segmentation-zoo/src/test/python/image_processors.py

It reads ../shared/photos, and writes image-processors-golden.txt among the test resources. Each line is one
photograph and one preprocessor_config.json, in fields separated by "|":

    the photograph's path, the SHA-256 of its decoded pixels, the configuration,
    the sides of the input, the SHA-256 of its pixels before they are rescaled (R, G, B, row by row),
    the values in the three channels of the input for the samples 0, 1, 100 and 255

The pixels and the values are enough to compare every number of an input: each value depends on one sample alone.
"""

import hashlib
import json
from pathlib import Path

import numpy as np
import PIL
import transformers
from PIL import Image

PHOTOS = Path("../shared/photos")
OUTPUT = Path("segmentation-zoo/src/test/resources/io/github/pixelwise/zoo/image-processors-golden.txt")
SAMPLES = (0, 1, 100, 255)

# As published with nvidia/segformer-b0-finetuned-ade-512-512, nvidia/segformer-b5-finetuned-ade-640-640,
# google/deeplabv3_mobilenet_v2_1.0_513, apple/deeplabv3-mobilevit-small, microsoft/beit-base-finetuned-ade-640-640
# and Intel/dpt-large-ade; then the defaults of each processor, and crops with odd margins. transformers 5 has other
# defaults than transformers 4 for MobileViT's resample and BEiT's sizes, so those are set here.
CONFIGURATIONS = [
    {"image_processor_type": "SegformerImageProcessor", "do_normalize": True, "do_rescale": True, "do_resize": True,
     "image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225], "resample": 2,
     "rescale_factor": 0.00392156862745098, "size": {"height": 512, "width": 512}},
    {"feature_extractor_type": "SegformerFeatureExtractor", "size": 640},
    {"image_processor_type": "MobileNetV2ImageProcessor", "crop_size": {"height": 513, "width": 513},
     "do_center_crop": True, "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5],
     "size": {"shortest_edge": 545}},
    {"image_processor_type": "MobileViTImageProcessor", "crop_size": {"height": 512, "width": 512}, "resample": 2,
     "size": {"shortest_edge": 544}},
    {"feature_extractor_type": "BeitFeatureExtractor", "crop_size": 640, "do_center_crop": False, "resample": 2,
     "size": 640},
    {"image_processor_type": "DPTImageProcessor", "size": {"height": 480, "width": 480}, "resample": 2},
    {"image_processor_type": "SegformerImageProcessor"},
    {"image_processor_type": "MobileNetV2ImageProcessor"},
    {"image_processor_type": "DPTImageProcessor"},
    {"image_processor_type": "MobileViTImageProcessor", "resample": 2},
    {"image_processor_type": "BeitImageProcessor", "do_center_crop": True, "size": {"height": 256, "width": 256}},
    {"image_processor_type": "MobileNetV2ImageProcessor", "size": {"shortest_edge": 300},
     "crop_size": {"height": 277, "width": 257}},
    {"image_processor_type": "MobileViTImageProcessor", "size": {"shortest_edge": 101},
     "crop_size": {"height": 128, "width": 128}, "resample": 2},
]


def sha256(pixels):
    return hashlib.sha256(np.ascontiguousarray(pixels).tobytes()).hexdigest()


def processor(configuration):
    name = configuration.get("image_processor_type") or configuration["feature_extractor_type"]
    keys = {key: value for key, value in configuration.items() if not key.endswith("_type")}
    # The processors that resize with Pillow; in transformers 4, they had no suffix.
    return getattr(transformers, name.replace("FeatureExtractor", "ImageProcessor") + "Pil")(**keys)


def pixels(process, image):
    channels = process(image, do_rescale=False, do_normalize=False, return_tensors="np")["pixel_values"][0]
    rows = channels.transpose(1, 2, 0)
    if getattr(process, "do_flip_channel_order", False):
        rows = rows[..., ::-1]
    assert rows.dtype == np.uint8, rows.dtype
    return rows


def values(process):
    solid = [np.full((64, 64, 3), sample, np.uint8) for sample in SAMPLES]
    middles = [process(image, return_tensors="np")["pixel_values"][0] for image in solid]
    return [[repr(float(v)) for v in m[:, m.shape[1] // 2, m.shape[2] // 2]] for m in middles]


def main():
    lines = []
    photos = sorted(p for p in PHOTOS.rglob("*") if p.suffix in (".png", ".jpg"))
    for configuration in CONFIGURATIONS:
        process = processor(configuration)
        middle = " ".join(" ".join(three) for three in values(process))
        for photo in photos:
            image = np.asarray(Image.open(photo).convert("RGB"))
            result = pixels(process, image)
            lines.append(
                "|".join(
                    [
                        photo.relative_to(PHOTOS).as_posix(),
                        sha256(image),
                        json.dumps(configuration),
                        f"{result.shape[1]} x {result.shape[0]}",
                        sha256(result),
                        middle,
                    ]
                )
            )
    OUTPUT.write_text("\n".join(lines) + "\n")
    print("transformers", transformers.__version__, "Pillow", PIL.__version__, "numpy", np.__version__)
    print(len(lines), "lines,", OUTPUT.stat().st_size, "bytes")


if __name__ == "__main__":
    main()

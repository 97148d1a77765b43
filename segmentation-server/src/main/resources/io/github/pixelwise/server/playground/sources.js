// Where photographs come from: chosen, dropped, pasted, a sample, or the camera.

import {$} from './dom.js';
import {fail} from './notices.js';

/** Tells about each photograph that a person gives to the page. */
export function listen(open) {
  for (const input of [$('file'), $('camera-file')]) {
    input.addEventListener('change', () => {
      const [file] = input.files;
      input.value = ''; // so that the same file can be chosen again
      if (file) {
        open(file);
      }
    });
  }
  document.querySelectorAll('[data-sample]').forEach((button) => {
    button.addEventListener('click', () => openSample(button.dataset.sample, open));
  });
  listenToDrops(open);
  document.addEventListener('paste', (event) => {
    const file = firstFile(event.clipboardData);
    if (file) {
      event.preventDefault();
      open(file);
    }
  });
  listenToCamera(open);
}

/** Fetches a picture that the server has. Null, after an error message, if that fails. */
export async function sample(path) {
  const name = path.slice(path.lastIndexOf('/') + 1);
  try {
    const answer = await fetch(`/samples/${path}`);
    if (!answer.ok) {
      throw new Error(`status ${answer.status}`);
    }
    return new File([await answer.blob()], name, {type: 'image/png'});
  } catch (error) {
    fail(`The sample ${name} cannot be loaded: ${error.message}. Choose a file of your own, or try again.`);
    return null;
  }
}

async function openSample(name, open) {
  const file = await sample(name);
  if (file) {
    open(file);
  }
}

function listenToDrops(open) {
  const here = document.querySelector('.drop-here');
  let depth = 0;
  const show = (change) => {
    depth = change === 0 ? 0 : Math.max(0, depth + change);
    here.hidden = depth === 0;
  };
  document.addEventListener('dragenter', (event) => {
    if (hasFiles(event)) {
      event.preventDefault();
      show(1);
    }
  });
  document.addEventListener('dragover', (event) => hasFiles(event) && event.preventDefault());
  document.addEventListener('dragleave', (event) => hasFiles(event) && show(-1));
  document.addEventListener('drop', (event) => {
    if (hasFiles(event)) {
      event.preventDefault();
      show(0);
      const file = firstFile(event.dataTransfer);
      if (file) {
        open(file);
      }
    }
  });
}

function hasFiles(event) {
  return event.dataTransfer?.types.includes('Files');
}

/** The first picture, or else the first file, about which the server then says what is wrong. */
function firstFile(transfer) {
  const files = [...(transfer?.files ?? [])];
  return files.find((file) => file.type.startsWith('image/')) ?? files[0];
}

function listenToCamera(open) {
  if (!navigator.mediaDevices?.getUserMedia) {
    // Pages without TLS cannot see the camera, but a phone's file input can.
    $('camera').hidden = true;
    $('camera-file-label').hidden = false;
    return;
  }
  const dialog = $('camera-dialog');
  const video = $('video');
  $('camera').addEventListener('click', async () => {
    try {
      video.srcObject = await navigator.mediaDevices.getUserMedia({
        video: {facingMode: 'environment', width: {ideal: 1920}},
      });
    } catch (error) {
      fail(`The camera cannot be used: ${error.message}. Allow it in the browser, or choose a file.`);
      return;
    }
    dialog.showModal();
    await video.play();
  });
  dialog.addEventListener('close', () => {
    video.srcObject?.getTracks().forEach((track) => track.stop());
    video.srcObject = null;
  });
  $('camera-close').addEventListener('click', () => dialog.close());
  $('shoot').addEventListener('click', async () => {
    const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
    canvas.getContext('2d').drawImage(video, 0, 0);
    const photo = await canvas.convertToBlob({type: 'image/jpeg', quality: 0.95});
    dialog.close();
    open(new File([photo], 'camera.jpg', {type: 'image/jpeg'}));
  });
}

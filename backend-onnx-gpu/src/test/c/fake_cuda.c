/*
 * The libraries of CUDA as onnxruntime_gpu 1.28.0 wants them, for machines without a GPU: they load, find as
 * many GPUs as the environment variable FAKE_GPUS says, keep memory in that of the host, and compute nothing.
 * The functions are those that libonnxruntime_providers_cuda.so is linked with (readelf --dyn-syms), and of
 * cuDNN those that it asks for when a session is made. Without types: calls on x86-64 do not need them.
 */
#include <stdlib.h>
#include <string.h>

#define NOTHING(name) \
  long name(void) { return 0; }

static int no_device = 100; /* cudaErrorNoDevice */

int cudaGetDeviceCount(int *count) {
  *count = atoi(getenv("FAKE_GPUS"));
  return *count ? 0 : no_device;
}

const char *cudaGetErrorString(int error) {
  return error == no_device ? "no CUDA-capable device is detected" : "no error";
}

const char *cudaGetErrorName(int error) { return error ? "cudaErrorNoDevice" : "cudaSuccess"; }

int cudaGetDevice(int *device) {
  *device = 0;
  return 0;
}

/* Offsets of cudaDeviceProp in CUDA 12. */
int cudaGetDeviceProperties_v2(char *properties, int device) {
  memset(properties, 0, 900);
  *(size_t *)(properties + 288) = (size_t)16 << 30; /* totalGlobalMem */
  *(size_t *)(properties + 296) = 48 << 10;         /* sharedMemPerBlock */
  *(int *)(properties + 308) = 32;                  /* warpSize */
  *(int *)(properties + 320) = 1024;                /* maxThreadsPerBlock */
  *(int *)(properties + 360) = 9;                   /* major */
  *(int *)(properties + 388) = 100;                 /* multiProcessorCount */
  return 0;
}

int cudaDeviceGetAttribute(int *value, int attribute, int device) {
  *value = 1;
  return 0;
}

int cudaRuntimeGetVersion(int *version) {
  *version = 12040;
  return 0;
}

int cudaDriverGetVersion(int *version) { return cudaRuntimeGetVersion(version); }

int cudaMemGetInfo(size_t *available, size_t *total) {
  *available = *total = (size_t)16 << 30;
  return 0;
}

int cudaMalloc(void **memory, size_t size) {
  *memory = calloc(1, size + 256);
  return 0;
}

int cudaMallocHost(void **memory, size_t size) { return cudaMalloc(memory, size); }

int cudaHostAlloc(void **memory, size_t size, int flags) { return cudaMalloc(memory, size); }

int cudaFree(void *memory) {
  free(memory);
  return 0;
}

int cudaFreeHost(void *memory) { return cudaFree(memory); }

int cudaMemcpy(void *to, void *from, size_t size, int kind) {
  memcpy(to, from, size);
  return 0;
}

int cudaMemcpyAsync(void *to, void *from, size_t size, int kind, void *stream) {
  return cudaMemcpy(to, from, size, kind);
}

int cudaStreamCreate(void **stream) { return cudaMalloc(stream, 8); }

int cudaStreamCreateWithFlags(void **stream, int flags) { return cudaMalloc(stream, 8); }

int cudaEventCreateWithFlags(void **event, int flags) { return cudaMalloc(event, 8); }

int cudnnCreate(void **handle) { return cudaMalloc(handle, 8); }

void **__cudaRegisterFatBinary(void *binary) {
  static void *handles[4];
  return handles;
}

NOTHING(__cudaPopCallConfiguration)
NOTHING(__cudaPushCallConfiguration)
NOTHING(__cudaRegisterFatBinaryEnd)
NOTHING(__cudaRegisterFunction)
NOTHING(__cudaRegisterVar)
NOTHING(__cudaUnregisterFatBinary)
NOTHING(cublasCreate_v2)
NOTHING(cublasDcopy_v2)
NOTHING(cublasDestroy_v2)
NOTHING(cublasDgeam)
NOTHING(cublasDgemmBatched)
NOTHING(cublasDgemmStridedBatched)
NOTHING(cublasDgemm_v2)
NOTHING(cublasDgetrfBatched)
NOTHING(cublasDgetriBatched)
NOTHING(cublasGemmBatchedEx)
NOTHING(cublasGemmEx)
NOTHING(cublasGemmStridedBatchedEx)
NOTHING(cublasGetMathMode)
NOTHING(cublasGetStatusName)
NOTHING(cublasGetStatusString)
NOTHING(cublasLtCreate)
NOTHING(cublasLtDestroy)
NOTHING(cublasLtMatmul)
NOTHING(cublasLtMatmulAlgoConfigSetAttribute)
NOTHING(cublasLtMatmulAlgoGetHeuristic)
NOTHING(cublasLtMatmulAlgoInit)
NOTHING(cublasLtMatmulDescCreate)
NOTHING(cublasLtMatmulDescDestroy)
NOTHING(cublasLtMatmulDescSetAttribute)
NOTHING(cublasLtMatmulPreferenceCreate)
NOTHING(cublasLtMatmulPreferenceDestroy)
NOTHING(cublasLtMatmulPreferenceSetAttribute)
NOTHING(cublasLtMatrixLayoutCreate)
NOTHING(cublasLtMatrixLayoutDestroy)
NOTHING(cublasLtMatrixLayoutSetAttribute)
NOTHING(cublasLtMatrixTransform)
NOTHING(cublasLtMatrixTransformDescCreate)
NOTHING(cublasLtMatrixTransformDescDestroy)
NOTHING(cublasScopy_v2)
NOTHING(cublasSetMathMode)
NOTHING(cublasSetStream_v2)
NOTHING(cublasSgeam)
NOTHING(cublasSgemmBatched)
NOTHING(cublasSgemmStridedBatched)
NOTHING(cublasSgemm_v2)
NOTHING(cublasSgetrfBatched)
NOTHING(cublasSgetriBatched)
NOTHING(cublasSscal_v2)
NOTHING(cudaDeviceSynchronize)
NOTHING(cudaEventCreate)
NOTHING(cudaEventDestroy)
NOTHING(cudaEventElapsedTime)
NOTHING(cudaEventRecord)
NOTHING(cudaEventSynchronize)
NOTHING(cudaFreeAsync)
NOTHING(cudaFuncGetAttributes)
NOTHING(cudaFuncSetAttribute)
NOTHING(cudaGetDriverEntryPoint)
NOTHING(cudaGetLastError)
NOTHING(cudaGraphDestroy)
NOTHING(cudaGraphExecDestroy)
NOTHING(cudaGraphInstantiate)
NOTHING(cudaGraphLaunch)
NOTHING(cudaKernelSetAttributeForDevice)
NOTHING(cudaLaunchHostFunc)
NOTHING(cudaLaunchKernel)
NOTHING(cudaLaunchKernelExC)
NOTHING(cudaLibraryGetKernel)
NOTHING(cudaLibraryLoadData)
NOTHING(cudaLibraryUnload)
NOTHING(cudaMallocFromPoolAsync)
NOTHING(cudaMemPoolCreate)
NOTHING(cudaMemPoolDestroy)
NOTHING(cudaMemPoolGetAttribute)
NOTHING(cudaMemPoolSetAttribute)
NOTHING(cudaMemPoolTrimTo)
NOTHING(cudaMemcpy2DAsync)
NOTHING(cudaMemcpyFromSymbol)
NOTHING(cudaMemset)
NOTHING(cudaMemsetAsync)
NOTHING(cudaOccupancyMaxActiveBlocksPerMultiprocessorWithFlags)
NOTHING(cudaPeekAtLastError)
NOTHING(cudaSetDevice)
NOTHING(cudaStreamBeginCapture)
NOTHING(cudaStreamDestroy)
NOTHING(cudaStreamEndCapture)
NOTHING(cudaStreamIsCapturing)
NOTHING(cudaStreamSynchronize)
NOTHING(cudaStreamWaitEvent)
NOTHING(cudnnSetStream)
NOTHING(cudnnDestroy)
NOTHING(cudnnGetVersion)

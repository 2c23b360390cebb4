// The models of `npm run bench:models`, full size with random weights.

/** A small one of each library, for a quick look; the others take minutes each. */
const quick = true;

export const MODELS = [
  { name: 'VideoMAE-B', folder: 'videomae' },
  { name: 'TimeSformer-B', folder: 'timesformer' },
  { name: 'ViViT-B', folder: 'vivit' },
  { name: 'V-JEPA 2 ViT-L, 16 frames', folder: 'vjepa2' },
  { name: 'R3D-18', source: 'torchvision:r3d_18', quick },
  { name: 'MC3-18', source: 'torchvision:mc3_18' },
  { name: 'R(2+1)D-18', source: 'torchvision:r2plus1d_18' },
  { name: 'S3D, 16 frames', source: 'torchvision:s3d', frames: 16 },
  { name: 'MViT-v1-B', source: 'torchvision:mvit_v1_b' },
  { name: 'MViT-v2-S', source: 'torchvision:mvit_v2_s' },
  { name: 'Swin3D-T, 16 frames', source: 'torchvision:swin3d_t', frames: 16 },
  { name: 'X3D-XS', source: 'pytorchvideo:x3d_xs', quick },
  { name: 'EfficientX3D-XS', source: 'pytorchvideo:efficient_x3d_xs' },
  { name: 'X3D-S', source: 'pytorchvideo:x3d_s' },
  { name: 'X3D-M', source: 'pytorchvideo:x3d_m' },
  { name: 'Slow-R50', source: 'pytorchvideo:slow_r50' },
  { name: 'SlowFast-R50', source: 'pytorchvideo:slowfast_r50' },
  { name: 'I3D-R50', source: 'pytorchvideo:i3d_r50' },
  { name: 'CSN-R101, 16 frames', source: 'pytorchvideo:csn_r101', frames: 16, size: 224 },
  { name: 'R(2+1)D-50', source: 'pytorchvideo:r2plus1d_r50' },
  { name: 'TSM-R50', source: 'release:tsm_r50' },
];

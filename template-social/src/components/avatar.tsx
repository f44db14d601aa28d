import { useState } from 'react'

interface AvatarProps {
  image?: string | null
}

/** Nothing for who has no image, or one that can't be shown: the name stands beside it. */
export function Avatar({ image }: AvatarProps) {
  const [broken, setBroken] = useState<string>()
  if (!image || image === broken) return null
  return (
    <img
      className="avatar"
      src={image}
      alt=""
      width="48"
      height="48"
      // Google refuses some images to who says where they are shown.
      referrerPolicy="no-referrer"
      onError={() => setBroken(image)}
      // In the server's HTML, it may have failed before React listens.
      ref={(img) => void (img?.complete && img.naturalWidth === 0 && setBroken(image))}
    />
  )
}

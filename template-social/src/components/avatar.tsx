interface AvatarProps {
  image?: string | null
}

/** Nothing for who has no image: the name stands beside it. */
export const Avatar = ({ image }: AvatarProps) =>
  image && (
    <img
      className="avatar"
      src={image}
      alt=""
      width="48"
      height="48"
      // Google refuses some images to who says where they are shown.
      referrerPolicy="no-referrer"
    />
  )

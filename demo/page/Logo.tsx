import icon from './icon.svg'

export const Logo = () => <img className="logo" src={icon} alt="" width={28} height={28} />

mkdir -p /var/comfy
# models go to the instance's own disk where there is one; it is as new at each start
disk=
for found in /dev/disk/by-id/nvme-Amazon_EC2_NVMe_Instance_Storage_*; do
    case $found in
        *'*' | *-part*) ;;
        *) disk=${disk:-$found} ;;
    esac
done
if [ -n "$disk" ]; then
    mkfs.xfs -f -q "$(readlink -f "$disk")"
    mount -o noatime,nodiscard "$(readlink -f "$disk")" /var/comfy
fi
install -d -o 10001 -g 10001 /var/comfy/models /var/comfy/scratch
echo ECS_ENABLE_SPOT_INSTANCE_DRAINING=true >> /etc/ecs/ecs.config
echo ECS_IMAGE_PULL_BEHAVIOR=prefer-cached >> /etc/ecs/ecs.config

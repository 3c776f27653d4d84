/* SPDX-License-Identifier: MIT */
/* A program that does nothing: what it costs with a library is what loading that library costs. */
int main(void)
{
	return 0;
}

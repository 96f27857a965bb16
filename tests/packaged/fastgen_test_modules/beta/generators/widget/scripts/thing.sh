#!/bin/sh
echo "thing of myapi"
